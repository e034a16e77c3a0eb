import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { until } from "../support/until.ts";
import { collectGarbage, SecondTally } from "./activations.ts";
import { removeAllSessions, startDemo } from "./own-gateway.ts";

const TIMES = 50;

describe("the extension, activated and disposed of many times", function () {
  this.timeout(120_000);

  const contexts: WeakRef<vscode.ExtensionContext>[] = [];
  let tally: SecondTally;
  let resourcesBefore: number;

  before(async () => {
    // So that there is something to follow and to draw.
    await startDemo("Stays");
    tally = new SecondTally();
    // What is made once and kept, such as a pool of connections, is made now.
    await live();
    resourcesBefore = resources();
    for (let time = 0; time < TIMES; time += 1) await live();
  });
  after(removeAllSessions);

  async function live(): Promise<void> {
    const activation = tally.activate();
    contexts.push(new WeakRef(activation.context));
    await activation.untilConnected();
    activation.dispose();
  }

  const resources = () => process.getActiveResourcesInfo().length;

  it("has taken back all that it registered", () => {
    assert.deepEqual(tally.registered, []);
  });

  it("has left no timer, socket or watcher", async () => {
    await until(() => resources() <= resourcesBefore, "its timers, sockets and watchers to end");
  });

  it("is held in memory by nothing", async () => {
    await until(() => {
      collectGarbage();
      return contexts.every((context) => context.deref() === undefined);
    }, "every activation to be collected");
  });
});
