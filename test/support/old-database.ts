import { DatabaseSync } from "node:sqlite";
import { migrations } from "../../src/server/store/migrations.ts";

/** A database as it was after the first `steps` of the schema, with the rows that this SQL puts into it. */
export function makeOldDatabase(path: string, steps: number, rows: string): void {
  const database = new DatabaseSync(path);
  for (const step of migrations.slice(0, steps)) database.exec(step);
  database.exec(`PRAGMA user_version = ${steps};\n${rows}`);
  database.close();
}
