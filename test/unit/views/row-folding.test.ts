import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FOREIGN_SHOWN } from "../../../src/presentation/folded-rows.ts";
import { buildTree } from "../../../src/presentation/tree-model.ts";
import { nodeId, type NodeId } from "../../../src/presentation/tree-nodes.ts";
import { RowFolding } from "../../../src/views/row-folding.ts";
import { aProject, aTask } from "../../support/entities.ts";
import { modelOf } from "../../support/trees.ts";

describe("a row that is one for many tasks", () => {
  const tasks = Array.from({ length: FOREIGN_SHOWN + 2 }, (_, index) => aTask({ id: `t${index}`, createdAt: index }));
  const { nodes } = buildTree(modelOf(aProject(), ...tasks));
  const more = nodeId.more(nodeId.project("project1"));

  function foldingOf(id: NodeId, { opened = [] }: { opened?: readonly NodeId[] } = {}) {
    const node = nodes.get(id);
    assert.ok(node);
    return new RowFolding().of(node, { opened: new Set(opened) });
  }

  it("is folded at first, so that the editor asks for no row below it", () => {
    assert.equal(foldingOf(more).isExpanded, false);
  });

  it("is unfolded by a filter that finds something below it", () => {
    assert.equal(foldingOf(more, { opened: [more] }).isExpanded, true);
  });

  it("has rows that are others than those of the same tasks above it, between which tasks come and go", () => {
    assert.equal(foldingOf(nodeId.task("t0")).id, `task:t0@${more}`);
    assert.equal(foldingOf(nodeId.task(`t${FOREIGN_SHOWN + 1}`)).id, `task:t${FOREIGN_SHOWN + 1}`);
  });
});
