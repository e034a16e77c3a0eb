import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { cardKey, draftKey } from "../../../../src/webview/sections/waiting/card-key.ts";
import { aRequest, aSession } from "../../../support/entities.ts";

describe("what a session waits for", () => {
  const asked = aSession({ request: aRequest({ id: "r1" }), stateSince: 10 });

  it("is another card when it is asked once more, with the same draft", () => {
    const again = { ...asked, stateSince: 20 };
    assert.notEqual(cardKey(again), cardKey(asked));
    assert.equal(draftKey(again), draftKey(asked));
  });

  it("has another draft when it is another request", () => {
    assert.notEqual(draftKey({ ...asked, request: aRequest({ id: "r2" }) }), draftKey(asked));
  });
});
