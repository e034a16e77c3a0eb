import assert from "node:assert/strict";
import { checkAccess, concealToken, pathOf } from "../../../src/server/http/access.ts";

describe("a token in the path", () => {
  const isLetIn = (url: string, token: string, headers?: Record<string, string>) => {
    try {
      checkAccess({ url, headers: { host: "127.0.0.1:4317", ...headers } }, token);
      return true;
    } catch {
      return false;
    }
  };

  it("is taken off, with what surrounds it", () => {
    const paths = { "/t/abc/health": "/health", "/t/abc": "/", "/t/abc/": "/", "/t/abc?a=1": "/?a=1", "/t//x": "/x" };
    for (const [url, path] of Object.entries(paths)) assert.equal(pathOf({ url }), path, url);
  });

  it("stands at the beginning and nowhere else", () => {
    for (const url of ["/health", "/v1/t/abc/health", "/tasks/abc", "/t", "//t/abc/health", "*"]) {
      assert.equal(pathOf({ url }), url);
      assert.ok(!isLetIn(url, "abc"), url);
    }
  });

  it("may hold what a path cannot, percent-encoded", () => {
    assert.ok(isLetIn("/t/a%2Fb%20c/health", "a/b c"));
    assert.ok(!isLetIn("/t/%E0%A4%A/health", "a"));
  });

  it("does beside a header that says something else", () => {
    assert.ok(isLetIn("/t/abc/health", "abc", { authorization: "Basic eA==" }));
    assert.ok(isLetIn("/t/old/health", "abc", { authorization: "Bearer abc" }));
  });

  it("is never empty", () => {
    assert.ok(!isLetIn("/t//health", "abc"));
    assert.ok(!isLetIn("/health", "abc", { authorization: "Bearer" }));
  });

  it("can be taken out of any text", () => {
    assert.equal(concealToken("GET /T/abc/x?abc", "abc"), "GET /T/<token>/x?<token>");
  });
});
