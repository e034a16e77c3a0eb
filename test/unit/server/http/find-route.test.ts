import assert from "node:assert/strict";
import { TallyError } from "../../../../src/protocol/errors.ts";
import { type RouteName, routes } from "../../../../src/protocol/routes.ts";
import { findRoute } from "../../../../src/server/http/router.ts";

describe("the route that a request asks for", () => {
  it("is found by its method and its path", () => {
    assert.deepEqual(findRoute("POST", "/v1/sessions/abc/end"), { name: "endSession", params: { id: "abc" } });
  });

  it("has its parameters decoded", () => {
    assert.deepEqual(findRoute("GET", "/v1/sessions/a%2Fb").params, { id: "a/b" });
  });

  for (const name of Object.keys(routes) as RouteName[]) {
    it(`is ${name} for what ${name} is called with, whatever else it looks like`, () => {
      const { method, path } = routes[name];
      assert.equal(findRoute(method, path.replace(/:\w+/g, "abc")).name, name);
    });
  }

  const refusals: [what: string, method: string, path: string, code: string][] = [
    ["a path that is none", "GET", "/v1/nothing", "route-not-found"],
    ["a parameter that is empty", "GET", "/v1/sessions/", "route-not-found"],
    ["a method that the path does not take", "DELETE", "/v1/health", "method-not-allowed"],
  ];
  for (const [what, method, path, code] of refusals) {
    it(`is none for ${what}`, () => {
      assert.throws(
        () => findRoute(method, path),
        (error) => error instanceof TallyError && error.code === code,
      );
    });
  }
});
