/** Every command of the extension, as package.json contributes them without the prefix `tally.`. */
export const commandNames = [
  "newSession",
  "showTerminal",
  "nextWaitingSession",
  "allow",
  "deny",
  "reviewRequest",
  "answerQuestion",
  "endSession",
  "renameSession",
  "removeSession",
  "removeTask",
  "copySessionId",
  "openProject",
  "showGatewayLog",
  "restartGateway",
  "installCli",
] as const;
export type CommandName = (typeof commandNames)[number];
