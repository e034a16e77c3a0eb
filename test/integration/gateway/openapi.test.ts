import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@hey-api/openapi-ts";
import { Validator } from "@seriousme/openapi-schema-validator";
import { build } from "esbuild";
import ts from "typescript";
import { errors } from "../../../src/protocol/errors.ts";
import { type RouteName, routes, type RouteShape, sockets } from "../../../src/protocol/routes.ts";
import type { OpenApiDocument, Operation } from "../../../src/server/openapi/document.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { send } from "../../support/raw-http.ts";
import { tempFolder } from "../../support/repositories.ts";

describe("the API in its own words", () => {
  let gateway: TestGateway;
  let document: OpenApiDocument;
  before(async () => {
    gateway = await startTestGateway();
    document = (await gateway.client.call("openapi", {})) as unknown as OpenApiDocument;
  });
  after(() => gateway.dispose());

  const operations = (): Operation[] => Object.values(document.paths).flatMap((methods) => Object.values(methods));

  describe("for programs", () => {
    it("is a valid OpenAPI 3.1 document", async () => {
      const { valid, errors: problems } = await new Validator().validate({ ...document });
      assert.ok(valid, JSON.stringify(problems, null, 2));
      assert.match(document.openapi, /^3\.1\./);
    });

    it("refers to nothing that it does not contain", () => {
      const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
      const missing = named.filter(
        ([, kind, name]) => !(name! in (document.components[kind as "schemas"] as Record<string, unknown>)),
      );
      assert.deepEqual(
        missing.map(([reference]) => reference),
        [],
      );
      assert.doesNotMatch(JSON.stringify(document), /\$defs/);
    });

    it("has every route, with its status, and its failures as problem documents", () => {
      assert.deepEqual(
        operations()
          .map((each) => each.operationId)
          .sort(),
        Object.keys(routes).sort(),
      );
      for (const { operationId, responses, summary } of operations()) {
        const route: RouteShape = routes[operationId];
        const { [String(route.status ?? 200)]: success, ...failures } = responses;
        assert.ok(success, `${operationId} has its status`);
        assert.ok("default" in failures, `${operationId} has other failures`);
        assert.match(summary, /^[A-Z].*[^.]$/);
        for (const failure of Object.values(failures)) {
          assert.ok("$ref" in failure || "application/problem+json" in failure.content, operationId);
        }
      }
    });

    it("has every socket", () => {
      assert.deepEqual(document["x-websockets"].map(({ name }) => name).sort(), Object.keys(sockets).sort());
    });

    it("names what bodies need as the routes do", () => {
      const body = operations().find(({ operationId }) => operationId === "createSession")?.requestBody;
      assert.deepEqual(body?.content["application/json"].schema.required, ["cwd", "env"]);
    });
  });

  describe("for a client that is made from it", function () {
    this.timeout(120_000);
    let folder: Awaited<ReturnType<typeof tempFolder>>;
    let made: string;
    before(async () => {
      folder = await tempFolder();
      made = join(folder.path, "made");
      await mkdir(made);
      await createClient({
        input: document as never,
        output: { path: made },
        logs: { level: "silent", file: false },
      });
      await writeFile(join(made, "smoke.ts"), smoke);
    });
    after(() => folder.dispose());

    it("has types that fit", () => {
      const program = ts.createProgram([join(made, "smoke.ts")], {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        types: [],
      });
      const problems = ts.getPreEmitDiagnostics(program);
      assert.equal(ts.formatDiagnostics(problems, ts.createCompilerHost({})), "");
    });

    it("works with a gateway", async () => {
      const outfile = join(made, "smoke.mjs");
      await build({ entryPoints: [join(made, "smoke.ts")], bundle: true, format: "esm", outfile, logLevel: "error" });
      const { run } = (await import(outfile)) as { run: (...given: string[]) => Promise<unknown> };
      const { url, token } = gateway.endpoint;
      assert.deepEqual(await run(url, token, folder.path), {
        created: [201, folder.path],
        isListed: true,
        missing: [404, "session-not-found"],
        refused: [400, "system-folder"],
      });
    });
  });

  describe("for a person", () => {
    let page: string;
    let headers: Headers;
    before(async () => {
      const { url, token } = gateway.endpoint;
      const answer = await fetch(`${url}/t/${token}/docs`);
      page = await answer.text();
      headers = answer.headers;
    });

    it("is one page that loads and runs nothing", () => {
      assert.equal(headers.get("content-type"), "text/html; charset=utf-8");
      assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none';/);
      assert.match(page, /<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;/);
      assert.doesNotMatch(page, /<(script|link|img|iframe|object)\b|\s(src|on\w+|style)=|@import|url\(/);
    });

    it("leads to nothing but its own parts, all of which are there once", () => {
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      const links = [...page.matchAll(/\shref="([^"]*)"/g)].map(([, link]) => link);
      assert.deepEqual(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        [],
      );
      assert.deepEqual(
        links.filter((link) => !ids.includes(link!.replace(/^#/, ""))),
        [],
      );
    });

    it("explains every route and every error", () => {
      for (const name of Object.keys(routes) as RouteName[]) assert.ok(page.includes(`id="route-${name}"`), name);
      for (const code of Object.keys(errors)) assert.ok(page.includes(`id="${code}"`), code);
    });

    it("is where the type of a problem leads", async () => {
      const { url, token } = gateway.endpoint;
      const headers = { authorization: `Bearer ${token}` };
      const { json } = await send(url, { path: "/v1/sessions/nobody", headers });
      const [path, id] = (json as { type: string }).type.split("#");
      assert.equal(path, routes.docs.path);
      assert.ok(page.includes(`id="${id}"`));
    });

    it("needs the token, as all does", async () => {
      assert.equal((await send(gateway.endpoint.url, { path: "/docs" })).code, "unauthorized");
    });
  });
});

/** What somebody might write with a client that was made from the document. */
const smoke = `
import { client } from "./client.gen";
import { createFeedSession, getSession, listFeedSessions, openSession } from "./sdk.gen";

export async function run(baseUrl: string, auth: string, cwd: string) {
  client.setConfig({ baseUrl, auth });
  const created = await createFeedSession({ body: { cwd, agent: "demo" } });
  const status: "pending" | "in_progress" | "ended" | undefined = created.data?.status;
  const listed = await listFeedSessions({ query: { limit: 10 } });
  const missing = await getSession({ path: { id: "nobody" } });
  const refused = await openSession({ body: { workingDirectory: "/etc", agent: "demo" } });
  return {
    created: [created.response?.status, status && created.data?.cwd],
    isListed: listed.data?.sessions.some(({ id }) => id === created.data?.id),
    missing: [missing.response?.status, missing.error?.code],
    refused: [refused.response?.status, refused.error?.code],
  };
}
`;
