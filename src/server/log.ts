import { createStream } from "rotating-file-stream";

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

/** One line for a person to read: time, level, message, then `key=value` in JSON. */
function line(level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const extras = Object.entries(fields).map(([key, value]) => ` ${key}=${format(value) ?? ""}`);
  return `${new Date().toISOString()} ${level.padEnd(5)} ${message}${extras.join("")}\n`;
}

function format(value: unknown): string | undefined {
  return JSON.stringify(value instanceof Error ? (value.stack ?? value.message) : value);
}

/** The gateway's log: at most four files of 5 MB. Never holds tokens, environments or what agents print. */
export function openLog(folder: string, name: string): Log {
  const stream = createStream(name, { path: folder, size: "5M", maxFiles: 3, mode: 0o600 });
  // A full disk must not take the gateway, and with it everybody's view, down.
  stream.on("error", () => undefined);
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    stream.write(line(level, message, fields));
  };
  return {
    info: write("INFO"),
    warn: write("WARN"),
    error: write("ERROR"),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}
