import type { AgentAdapter } from "./adapter.ts";

/** The bundled demo agent, run by the gateway's own runtime. @param entry the file that holds it. */
export function demo(entry: string, execPath: string): AgentAdapter {
  return {
    name: "demo",
    label: "Demo agent",
    program: null,
    installHint: null,
    plan: ({ args }) => ({
      file: execPath,
      args: [entry, ...args],
      env: { ELECTRON_RUN_AS_NODE: "1" },
      version: null,
      conversationId: null,
      files: {},
      expects: [],
      whereabouts: {},
    }),
    title: () => "Demo",
    resume: () => null,
    typing: null,
    reads: {},
  };
}
