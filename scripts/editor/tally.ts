import type { Workbench } from "./workbench.ts";

/** What Tally calls its things on the screen. */
export const onScreen = {
  container: "Tally",
  view: "Sessions",
  newSession: "Tally: New Session",
  demoAgent: "Demo agent",
  /** Part of the first line that the demo agent prints. */
  demoGreeting: "Tally demo agent",
} as const;

/** Starts a session of the demo agent as a person does: palette, agent, title. */
export async function startDemoSession(workbench: Workbench, title: string): Promise<void> {
  await workbench.palette(onScreen.newSession);
  await workbench.pickItem(onScreen.demoAgent);
  await workbench.typeInInput(title);
}
