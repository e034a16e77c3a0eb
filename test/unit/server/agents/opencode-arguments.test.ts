import assert from "node:assert/strict";
import { readArguments, type TerminalUi } from "../../../../src/server/agents/opencode/arguments.ts";

const folders = new Set([".", "..", "../other", "/srv/shop", "shop", "run"]);
const read = (line: string) => readArguments(line === "" ? [] : line.split(" "), (path) => folders.has(path));

const plain: TerminalUi = { conversationId: null, server: null };

describe("arguments of opencode", () => {
  const starting: readonly (readonly [line: string, ui: TerminalUi])[] = [
    ["", plain],
    [".", plain],
    ["shop", plain],
    ["/srv/shop", plain],
    ["-- shop", plain],
    ["-m loopback/model-one", plain],
    ["--model=loopback/model-one shop", plain],
    ["--prompt run", plain],
    ["--agent serve --log-level DEBUG ..", plain],
    ["--print-logs --pure --auto", plain],
    ["--cors http://one http://two", plain],
    ["-c", plain],
    ["--continue --fork", plain],
    ["-s ses_1", { ...plain, conversationId: "ses_1" }],
    ["--session ses_1 shop", { ...plain, conversationId: "ses_1" }],
    ["--session=ses_1", { ...plain, conversationId: "ses_1" }],
    ["-s ses_1 --fork", plain],
    ["--port 4096", { ...plain, server: { port: 4096, hostname: null } }],
    ["--port=4096 --hostname=::1 shop", { ...plain, server: { port: 4096, hostname: "::1" } }],
    ["--hostname 0.0.0.0", { ...plain, server: { port: null, hostname: "0.0.0.0" } }],
    ["--port 0", { ...plain, server: { port: null, hostname: null } }],
    ["--port", { ...plain, server: { port: null, hostname: null } }],
    ["--mdns", { ...plain, server: { port: null, hostname: null } }],
    ["-s ses_1 --port 4096", { conversationId: "ses_1", server: { port: 4096, hostname: null } }],
  ];
  for (const [line, ui] of starting) {
    it(`start the terminal UI: opencode ${line}`, () => {
      assert.deepEqual(read(line), ui);
    });
  }

  const others = [
    "--help",
    "-h",
    "--version",
    "-v",
    "shop --help",
    "--mini",
    "--mini -s ses_1",
    "run hello",
    "run",
    "-m loopback/model-one run hello",
    "--print-logs serve",
    "serve --port 4096",
    "web",
    "auth login",
    "providers list",
    "mcp list",
    "models",
    "upgrade",
    "uninstall",
    "attach http://localhost:4096",
    "acp",
    "agent create",
    "completion",
    "debug config",
    "stats",
    "export ses_1",
    "import file.json",
    "github install",
    "pr 12",
    "session list",
    "plugin some",
    "plug some",
    "db",
    "no-folder",
    "shop shop",
    "--an-option-of-tomorrow",
    "-cs ses_1",
  ];
  for (const line of others) {
    it(`are left as they are: opencode ${line}`, () => {
      assert.equal(read(line), null);
    });
  }
});
