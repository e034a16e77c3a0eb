import type { Session, Task } from "../../src/protocol/entities.ts";
import type { AddTask } from "../../src/protocol/queue-routes.ts";
import type { TaskState } from "../../src/protocol/states.ts";
import type { TestGateway } from "./gateway.ts";
import { untilDefined } from "./until.ts";

/** A prompt for the demo agent: it does one line after the other. */
export function orders(...lines: readonly string[]): string {
  return lines.join("\n");
}

/** What tests do with the queue of a gateway; agents are the demo agent unless they say otherwise. */
export function queueOf(gateway: TestGateway) {
  const add = async (prompt: string, rest: Partial<AddTask> = {}): Promise<Task> => {
    const body = { agent: "demo", env: gateway.env, place: { cwd: gateway.home.root }, prompt, ...rest };
    return (await gateway.client.call("addTask", { body })).task;
  };
  const untilTask = (id: string, what: string, isIt: (task: Task) => boolean) =>
    untilDefined(
      () => {
        const task = gateway.model().tasks.get(id);
        return task && isIt(task) ? task : undefined;
      },
      `task ${id} ${what}`,
      20_000,
      () => `it is ${JSON.stringify(gateway.model().tasks.get(id) ?? null)}`,
    );
  return {
    add,
    untilTask,
    untilState: (id: string, ...states: TaskState[]) =>
      untilTask(id, `to be ${states.join(" or ")}`, ({ state }) => states.includes(state)),
    untilWaitsFor: (id: string, kind: string) =>
      untilTask(id, `to wait for ${kind}`, ({ run, state }) => state !== "RUNNING" && run?.waitsFor?.kind === kind),
    sessionOf: ({ id, sessionId }: Task): Session => {
      const session = sessionId === null ? undefined : gateway.model().sessions.get(sessionId);
      if (!session) throw new Error(`task ${id} has no session`);
      return session;
    },
    cancel: async (id: string) => (await gateway.client.call("cancelTask", { id })).task,
  };
}
