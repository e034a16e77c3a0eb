import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { stopProcess } from "../../support/stop-process.ts";
import { untilDefined } from "../../support/until.ts";

/** `printf` commands that say something with OSC 7501, each followed by waiting for a line. */
function saying(...states: string[]): string[] {
  const script = states.map((state) => `printf '\\033]7501;state=${state}:app=robot\\007'; read line`).join("; ");
  return ["sh", "-c", script];
}

describe("the state of a session", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  it("comes with the reason and the source, and says what each source last said", async () => {
    const { id } = await gateway.createSession({ args: saying("blocked") });
    const session = await gateway.untilState(id, "WAITING_USER");
    assert.deepEqual([session.reason.source, session.reason.signal], ["program-status", "OSC 7501: blocked"]);
    const why = await gateway.client.call("whySession", { id });
    assert.equal(why.state, "WAITING_USER");
    assert.deepEqual(
      why.testimonies.map(({ source, text, decides }) => ({ source, text, decides })),
      [{ source: "program-status", text: "robot waits for you.", decides: true }],
    );
  });

  it("is known again to the next gateway, with what it was known from", async () => {
    const { id } = await gateway.createSession({ args: saying("blocked") });
    const before = await gateway.untilState(id, "WAITING_USER");
    await gateway.crash();
    await gateway.restart();
    const { session } = await gateway.client.call("getSession", { id });
    assert.deepEqual(
      [session.state, session.reason, session.stateSince],
      [before.state, before.reason, before.stateSince],
    );
    const why = await gateway.client.call("whySession", { id });
    assert.equal(why.testimonies.length, 1);
  });

  it("of an ended session is its end, and nothing that anybody said before", async () => {
    const { id } = await gateway.createSession({
      args: ["sh", "-c", "printf '\\033]7501;state=blocked:app=robot\\007'; exit 3"],
    });
    const session = await gateway.untilState(id, "ERROR");
    assert.equal(session.reason.source, "process");
    const why = await gateway.client.call("whySession", { id });
    assert.deepEqual(
      why.testimonies.filter(({ decides }) => decides),
      [],
    );
  });

  describe("answers", () => {
    it("are refused when nothing is asked", async () => {
      const { id } = await gateway.createSession({ args: saying("blocked") });
      await gateway.untilState(id, "WAITING_USER");
      const answer = { requestId: "none", answer: { choice: "allow" } } as const;
      await assert.rejects(gateway.client.call("answerSession", { id, body: answer }), { code: "request-gone" });
    });

    it("are not taken from a process that hangs up before it can be seen", async function () {
      if (process.platform !== "linux") return;
      const { id } = await gateway.createSession({ args: saying("blocked") });
      await gateway.untilState(id, "WAITING_USER");
      const { hostname, port } = new URL(gateway.endpoint.url);
      const body = JSON.stringify({ requestId: "x", answer: { choice: "allow" } });
      const request =
        `POST /v1/sessions/${id}/answer HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n` +
        `Authorization: Bearer ${gateway.endpoint.token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      await stopProcess(gateway.pid);
      const socket = connect(Number(port), hostname, () => socket.end(request, () => socket.destroy()));
      await once(socket, "close");
      process.kill(gateway.pid, "SIGCONT");
      const refused = () =>
        readFile(gateway.home.gatewayLog, "utf8").then((log) =>
          log.includes("cannot see who asks") ? log : undefined,
        );
      await untilDefined(refused, "the gateway to refuse it");
    });

    it("are refused to whoever runs inside a session, also when it detached from it", async function () {
      // Elsewhere the system does not tell who is at the other end of a connection.
      if (process.platform !== "linux") return;
      const answerFile = join(gateway.home.root, "answer.json");
      const { id } = await gateway.createSession({ args: saying("blocked") });
      await gateway.untilState(id, "WAITING_USER");
      const { url, token } = gateway.endpoint;
      const request = `fetch("${url}/v1/sessions/${id}/answer", { method: "POST",
        headers: { authorization: "Bearer ${token}", "content-type": "application/json" },
        body: JSON.stringify({ requestId: "x", answer: { choice: "allow" } }) })
        .then((response) => response.text()).then((text) => require("fs").writeFileSync(process.argv[1], text))`;
      const script = `env -u TALLY_SESSION_ID "$0" -e "$1" "$2"; setsid "$0" -e "$1" "$2.detached" & read line`;
      await gateway.createSession({ args: ["sh", "-c", script, process.execPath, request, answerFile] });
      for (const file of [answerFile, `${answerFile}.detached`]) {
        const read = () =>
          readFile(file, "utf8").then(
            (text) => text || undefined,
            () => undefined,
          );
        const answer = await untilDefined(read, "an answer from the gateway");
        assert.equal((JSON.parse(answer) as { code: string }).code, "inside-session", file);
      }
    });
  });
});
