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
      continuesItself: false,
      expects: [],
      whereabouts: {},
    }),
    title: () => "Demo",
    account: () => ({
      configHome: null,
      endpoint: null,
      credential: null,
      isDefault: true,
      model: null,
      usesModel: true,
    }),
    configHomeVariable: null,
    keptVariables: [],
    resume: () => null,
    typing: null,
    reads: {},
  };
}
