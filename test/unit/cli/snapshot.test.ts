import assert from "node:assert/strict";
import { presentSnapshot } from "../../../src/cli/terminal/snapshot.ts";
import { Screen } from "../../support/screen.ts";

const size = { cols: 20, rows: 5 };
const snapshot = (data: string, why: "attach" | "behind" = "attach") => ({
  type: "snapshot" as const,
  ...size,
  data,
  why,
});
const first = { isFirst: true, rows: size.rows };
const later = { isFirst: false, rows: size.rows };

async function shown(...writes: string[]): Promise<Screen> {
  const screen = new Screen(size);
  for (const text of writes) await new Promise<void>((done) => screen.write(text, done));
  return screen;
}

describe("a snapshot in the person's own terminal", () => {
  it("starts on a clean screen, and what stood there scrolls up instead of being lost", async () => {
    const screen = await shown("$ one\r\n$ two\r\n", presentSnapshot(snapshot("agent"), first));
    assert.equal(screen.text(), "agent\n\n\n\n");
    assert.deepEqual(screen.scrollback(), ["$ one", "$ two", ""]);
  });

  it("loses nothing of what stood there to an agent that uses the alternate screen", async () => {
    const data = "agent\x1b[?1049h\x1b[Hfull screen";
    const screen = await shown("$ one\r\n", presentSnapshot(snapshot(data), first));
    assert.equal(screen.text(), "full screen\n\n\n\n");
    await new Promise<void>((done) => screen.write("\x1b[?1049l", done));
    assert.deepEqual(screen.scrollback(), ["$ one", ""]);
    assert.equal(screen.text(), "agent\n\n\n\n");
  });

  it("replaces what the session had shown when the view was skipped ahead", async () => {
    const screen = await shown("old\r\nold", presentSnapshot(snapshot("new", "behind"), later));
    assert.equal(screen.text(), "new\n\n\n\n");
    assert.deepEqual(screen.scrollback(), []);
  });

  it("leaves the alternate screen that the agent has left meanwhile", async () => {
    const screen = await shown("\x1b[?1049hfull", presentSnapshot(snapshot("plain", "behind"), later));
    assert.equal(screen.isAlternate, false);
    assert.equal(screen.text(), "plain\n\n\n\n");
  });
});
