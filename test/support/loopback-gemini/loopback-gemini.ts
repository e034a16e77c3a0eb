import type { ServerResponse } from "node:http";
import type { Answer, MessageRequest } from "../loopback-api/answers.ts";
import {
  type Call,
  type Dialect,
  type LoopbackAnswers,
  type LoopbackApi,
  sendEvents,
  sendJson,
  startModelServer,
} from "../loopback-api/model-server.ts";
import { content, contentEvents } from "./content.ts";
import { readContentRequest } from "./request.ts";

const endpoint = /\/models\/(?<model>[^/:]+):(?<method>\w+)$/;

/** Speaks as much of Google's API as a coding agent needs. */
export function startLoopbackGemini(answers: LoopbackAnswers): Promise<LoopbackApi> {
  return startModelServer(answers, google);
}

const google: Dialect = {
  basePath: "",
  serve,
  refuse: (response, code, message) => {
    const status = code === 404 ? "NOT_FOUND" : "INVALID_ARGUMENT";
    sendJson(response, code, { error: { code, status, message } });
  },
};

async function serve({ path, body, headers, response, answerTo }: Call): Promise<void> {
  const { model = "", method } = endpoint.exec(path)?.groups ?? {};
  switch (method) {
    case "generateContent":
    case "streamGenerateContent": {
      const asked = readContentRequest({ model, stream: method === "streamGenerateContent" }, body, headers);
      const { answer } = await answerTo(asked);
      sendAnswer(response, asked, answer);
      return;
    }
    case "countTokens":
      sendJson(response, 200, { totalTokens: 10 });
      return;
    default:
      google.refuse(response, 404, `no ${path} here`);
  }
}

function sendAnswer(response: ServerResponse, { model, stream }: MessageRequest, answer: Answer): void {
  if (answer.kind === "refusal") {
    const { status: code, error, headers } = answer;
    const details = error.type === DAILY_QUOTA ? [dailyQuota(model)] : [];
    sendJson(response, code, { error: { code, status: error.type, message: error.message, details } }, headers);
  } else if (stream) sendEvents(response, contentEvents(answer, model));
  else sendJson(response, 200, content(answer, model));
}

/** The status of a refusal that says which quota is used up; others of the same code pass by themselves. */
const DAILY_QUOTA = "RESOURCE_EXHAUSTED";

function dailyQuota(model: string): unknown {
  return {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: [
      {
        quotaMetric: "generativelanguage.googleapis.com/generate_requests_per_model_per_day",
        quotaId: "GenerateRequestsPerDayPerProjectPerModel",
        quotaDimensions: { model },
      },
    ],
  };
}
