import type { WatchedFile } from "../agents/adapter.ts";
import type { Read, Signal } from "../agents/reading.ts";
import type { Log } from "../log.ts";
import { jsonFileReader } from "./json-file.ts";
import { JsonLinesFile } from "./json-lines-file.ts";
import { type ReadValue, valueReader } from "./read-value.ts";
import { watchPath } from "./watch-path.ts";

/**
 * Follows a file that an agent writes, which need not exist yet. A reading without a time of its own gets the time when the file
 * was written.
 */
export function watchFile(
  file: WatchedFile,
  emit: (signal: Signal) => void,
  log: Pick<Log, "warn">,
): { dispose(): void } {
  let isDisposed = false;
  let hasFailed = false;
  const readValue = valueReader({
    source: file.source,
    emit: (signal) => {
      if (!isDisposed) emit(signal);
    },
    log,
    origin: file.path,
  });
  const follow = (file.format === "json" ? followJson : followLines)(file, readValue);
  const watched = watchPath(file.path, async () => {
    try {
      await follow.look();
    } catch (error) {
      if (!hasFailed) log.warn("a file of an agent cannot be read", { path: file.path, error });
      hasFailed = true;
    }
  });
  return {
    dispose() {
      isDisposed = true;
      watched.dispose();
      follow.close();
    },
  };
}

interface Follow {
  readonly look: () => Promise<void>;
  readonly close: () => void;
}

function followJson(file: WatchedFile, readValue: ReadValue): Follow {
  const read = file.reader();
  const next = jsonFileReader(file.path);
  return {
    async look() {
      const news = await next();
      if (news) readValue(read, news.value, news.writtenAt);
    },
    close: () => undefined,
  };
}

function followLines(file: WatchedFile, readValue: ReadValue): Follow {
  let read: Read = () => [];
  const lines = new JsonLinesFile({
    path: file.path,
    onBegin: () => (read = file.reader()),
    onValue: (value, writtenAt) => readValue(read, value, writtenAt),
  });
  return { look: () => lines.read(), close: () => lines.close() };
}
