import type { Log } from "../log.ts";
import { LinesFile } from "../signals/lines-file.ts";
import { watchPath } from "../signals/watch-path.ts";

export interface RunOutput {
  /** Resolves once all that is in the file now was handed over, an unfinished last line too. */
  drained(): Promise<void>;
  close(): void;
}

/** Hands over the lines of a file that a program writes, from its start, and those that follow as they come. It need not exist yet. */
export function followOutput(path: string, onLine: (line: string) => void, log: Pick<Log, "warn">): RunOutput {
  const lines = new LinesFile({ path, onBegin: () => undefined, onLine });
  let hasFailed = false;
  const look = async () => {
    try {
      await lines.read();
    } catch (error) {
      if (!hasFailed) log.warn("the output of a task cannot be read", { path, error });
      hasFailed = true;
    }
  };
  let last: Promise<void> = Promise.resolve();
  /** Never two at a time. */
  const lookInTurn = () => (last = last.then(look));
  const watched = watchPath(path, lookInTurn);
  return {
    async drained() {
      await lookInTurn();
      lines.endLine();
    },
    close() {
      watched.dispose();
      lines.close();
    },
  };
}
