import { messageBody, messageEvents } from "./message.ts";
import {
  type Call,
  type Dialect,
  type LoopbackAnswers,
  type LoopbackApi,
  sendEvents,
  sendJson,
  startModelServer,
} from "./model-server.ts";
import { readMessageRequest } from "./request.ts";

/** Speaks as much of Anthropic's API as a coding agent needs. */
export function startLoopbackApi(answers: LoopbackAnswers): Promise<LoopbackApi> {
  return startModelServer(answers, anthropic);
}

const anthropic: Dialect = {
  basePath: "",
  serve,
  refuse: (response, status, message) => {
    const type = status === 404 ? "not_found_error" : "invalid_request_error";
    sendJson(response, status, { type: "error", error: { type, message } });
  },
};

async function serve(call: Call): Promise<void> {
  const { response } = call;
  switch (`${call.method} ${call.path}`) {
    case "POST /v1/messages":
      return sendMessage(call);
    case "POST /v1/messages/count_tokens":
      sendJson(response, 200, { input_tokens: 10 });
      return;
    case "GET /v1/models":
      sendJson(response, 200, { data: [], has_more: false, first_id: null, last_id: null });
      return;
    default:
      anthropic.refuse(response, 404, `no ${call.path} here`);
  }
}

async function sendMessage({ body, headers, response, answerTo }: Call): Promise<void> {
  const asked = readMessageRequest(body, headers);
  const { answer, id } = await answerTo(asked);
  if (answer.kind === "refusal") {
    sendJson(response, answer.status, { type: "error", error: answer.error }, answer.headers);
  } else if (asked.stream) sendEvents(response, messageEvents(answer, asked.model, id));
  else sendJson(response, 200, messageBody(answer, asked.model, id));
}
