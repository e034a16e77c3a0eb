import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Row } from "./rows.ts";

type Parameter = string | number | null;

/** A database and its statements, each prepared once. */
export class Queries {
  protected readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  close(): void {
    this.#statements.clear();
    this.db.close();
  }

  protected run(sql: string, ...parameters: Parameter[]) {
    return this.#statement(sql).run(...parameters);
  }

  protected get(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#statement(sql).get(...parameters);
  }

  protected all(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#statement(sql).all(...parameters);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
