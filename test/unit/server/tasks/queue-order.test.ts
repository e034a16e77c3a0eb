import assert from "node:assert/strict";
import { positionAfter, spread } from "../../../../src/server/tasks/queue-order.ts";
import { aRun } from "../../../support/entities.ts";

describe("the order of the queue", () => {
  const waiting = [
    aRun({ id: "a", position: 0 }),
    aRun({ id: "b", position: 1_024 }),
    aRun({ id: "c", position: 2_048 }),
  ];
  const orderAfter = (id: string, position: number | null | undefined) =>
    [...waiting.filter((task) => task.id !== id), aRun({ id, position: position ?? Number.NaN })]
      .sort((one, other) => (one.position ?? 0) - (other.position ?? 0))
      .map((task) => task.id)
      .join("");

  for (const [id, move, order] of [
    ["c", { to: "first" }, "cab"],
    ["a", { to: "last" }, "bca"],
    ["c", { before: "b" }, "acb"],
    ["c", { before: "a" }, "cab"],
    ["a", { after: "b" }, "bac"],
    ["a", { after: "c" }, "bca"],
    ["d", { to: "last" }, "abcd"],
  ] as const) {
    it(`${id} ${JSON.stringify(move)} is ${order}`, () => {
      assert.equal(orderAfter(id, positionAfter(waiting, id, move)), order);
    });
  }

  it("knows no place beside a task that does not wait", () => {
    assert.equal(positionAfter(waiting, "a", { before: "z" }), undefined);
    assert.equal(positionAfter(waiting, "a", { after: "a" }), undefined);
  });

  it("makes room where two have come too close", () => {
    const close = [
      aRun({ id: "a", position: 1 }),
      aRun({ id: "b", position: 1 + 1e-9 }),
      aRun({ id: "c", position: 5 }),
    ];
    assert.equal(positionAfter(close, "c", { before: "b" }), null);
    const roomy = spread(close);
    assert.deepEqual(
      roomy.map(({ id }) => id),
      ["a", "b", "c"],
    );
    assert.equal(typeof positionAfter(roomy, "c", { before: "b" }), "number");
  });
});
