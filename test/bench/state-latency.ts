import { once } from "node:events";
import { type TallyEvent, eventFrameSchema } from "../../src/protocol/events.ts";
import type { Session } from "../../src/protocol/entities.ts";
import { claudeHome } from "../support/claude.ts";
import { codexHome } from "../support/codex.ts";
import { geminiHome } from "../support/gemini.ts";
import { says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { startLoopbackGemini } from "../support/loopback-gemini/loopback-gemini.ts";
import { startLoopbackResponses } from "../support/loopback-responses/loopback-responses.ts";
import { opencodeHome } from "../support/opencode.ts";
import { deferred } from "../support/deferred.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { type Rig, startRig } from "./rig.ts";
import { median, p95 } from "./statistics.ts";

const LAUNCHES = 3;
const TURN_TIMEOUT_MS = 60_000;

interface Place extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** An agent with a model API of its own, and the arguments that give it a first prompt. */
interface Contender {
  readonly agent: string;
  readonly args: readonly string[];
  readonly start: () => Promise<{ readonly api: AsyncDisposable; readonly place: Place }>;
}

const reply = "Hello from the loopback model.";

const contenders: readonly Contender[] = [
  {
    agent: "claude",
    args: ["hello"],
    start: async () => {
      const api = await startLoopbackApi({ reply });
      return { api, place: await claudeHome("2.1.329", api.url) };
    },
  },
  {
    agent: "codex",
    args: ["hello"],
    start: async () => {
      const api = await startLoopbackResponses({ script: () => says(reply) });
      return { api, place: await codexHome("0.169.0", api.url) };
    },
  },
  {
    agent: "gemini",
    args: ["-i", "hello"],
    start: async () => {
      const api = await startLoopbackGemini({ reply });
      return { api, place: await geminiHome("0.61.0", api.url) };
    },
  },
  {
    agent: "opencode",
    args: ["--prompt", "hello"],
    start: async () => {
      const api = await startLoopbackApi({ reply });
      return { api, place: await opencodeHome("1.18.33", api.url) };
    },
  },
];

/** From what the agent gives as the time of its change, by agent and source. */
type Samples = Map<string, number[]>;

export const stateLatency: Measurement = {
  name: "state",
  about: `${LAUNCHES} turns of each real agent: from its own change of state to another client's event stream, by source`,
  async run(): Promise<Figure[]> {
    await using rig = await startRig();
    const samples: Samples = new Map();
    for (const contender of contenders) {
      const { api, place } = await contender.start();
      try {
        for (let launch = 0; launch < LAUNCHES; launch++) await oneTurn(rig, contender, place, samples);
      } finally {
        await place[Symbol.asyncDispose]();
        await api[Symbol.asyncDispose]();
      }
    }
    return [...samples].map(([label, latenciesMs]) =>
      figure({
        label,
        value: median(latenciesMs),
        unit: "ms",
        detail: `${latenciesMs.length} changes, 95th percentile ${p95(latenciesMs).toFixed(0)} ms; "tree" measures the rest of the way`,
        below: 1_000,
      }),
    );
  },
};

async function oneTurn(rig: Rig, { agent, args }: Contender, place: Place, samples: Samples): Promise<void> {
  const client = rig.connect();
  const follower = await rig.connect().socket("events");
  await once(follower, "message");
  const turnEnded = deferred();
  const timer = setTimeout(() => turnEnded.reject(new Error(`${agent} did not end its turn`)), TURN_TIMEOUT_MS);
  let seenAt = 0;
  const changed = (session: Session) => {
    const { source, at } = session.reason;
    const isReport = source !== "process" && source !== "gateway" && source !== "person";
    if (isReport && at > seenAt) {
      const label = `${agent}, ${source}`;
      samples.set(label, [...(samples.get(label) ?? []), Date.now() - at]);
      seenAt = at;
    }
    if (session.promptCount > 0 && session.state === "IDLE") turnEnded.resolve();
  };
  const { session } = await client.call("createSession", {
    body: { agent, args: [...args], cwd: place.cwd, env: place.env, cols: 100, rows: 30 },
  });
  follower.on("message", (data: Buffer) => {
    const frame = eventFrameSchema.parse(JSON.parse(data.toString("utf8")));
    if (frame.type === "events") frame.events.flatMap(changeOf(session.id)).forEach(changed);
  });
  try {
    await turnEnded.promise;
  } finally {
    clearTimeout(timer);
    follower.terminate();
    await client.call("endSession", { id: session.id, body: {} });
  }
}

function changeOf(sessionId: string): (event: TallyEvent) => Session[] {
  return ({ change }) => (change.type === "session.changed" && change.session.id === sessionId ? [change.session] : []);
}
