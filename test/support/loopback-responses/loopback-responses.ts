import {
  type Call,
  type Dialect,
  type LoopbackAnswers,
  type LoopbackApi,
  sendEvents,
  sendJson,
  startModelServer,
} from "../loopback-api/model-server.ts";
import { responseEvents } from "./events.ts";
import { readResponseRequest } from "./request.ts";

/** Speaks as much of OpenAI's Responses API as a coding agent needs. */
export function startLoopbackResponses(answers: LoopbackAnswers): Promise<LoopbackApi> {
  return startModelServer(answers, responses);
}

const responses: Dialect = {
  basePath: "/v1",
  serve,
  refuse: (response, status, message) => {
    const type = status === 404 ? "not_found" : "invalid_request_error";
    sendJson(response, status, { error: { type, message } });
  },
};

async function serve({ method, path, body, headers, response, answerTo }: Call): Promise<void> {
  switch (`${method} ${path}`) {
    case "POST /v1/responses": {
      const asked = readResponseRequest(body, headers);
      const { answer, id } = await answerTo(asked);
      if (answer.kind === "refusal") sendJson(response, answer.status, { error: answer.error }, answer.headers);
      else sendEvents(response, responseEvents(answer, asked.model, id));
      return;
    }
    case "GET /v1/models":
      sendJson(response, 200, { object: "list", data: [], models: [] });
      return;
    default:
      responses.refuse(response, 404, `no ${path} here`);
  }
}
