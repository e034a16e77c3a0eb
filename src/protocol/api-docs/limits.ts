import type { RouteName } from "../routes.ts";
import { folderCodes, personaCodes, programCodes } from "./refusals.ts";
import type { RouteDocs } from "./route-docs.ts";

/** Accounts and their pauses, settings, personas. */
export const limitDocs = {
  limits: { tag: "Limits", summary: "Accounts, the pauses that have not ended, and the settings", codes: [] },
  pauseHistory: { tag: "Limits", summary: "All pauses, the latest first", codes: [] },
  quotaHistory: { tag: "Limits", summary: "How much of each account was used over time", codes: [] },
  startPause: {
    tag: "Limits",
    summary: "Pause an account by hand",
    codes: ["invalid-request", ...folderCodes, ...programCodes, ...personaCodes],
  },
  endPause: { tag: "Limits", summary: "Lift a pause; what it held goes on at once", codes: ["pause-not-found"] },
  checkLaunch: {
    tag: "Limits",
    summary: "Which account a launch would be on, and the pause that would hold it now",
    codes: ["invalid-request", ...folderCodes, ...programCodes, ...personaCodes],
  },
  setSettings: { tag: "Limits", summary: "Set what the person wants; all of it at once", codes: ["inside-session"] },
  personas: { tag: "Limits", summary: "The personas that a launch in a folder can name", codes: [...folderCodes] },
  approvePersona: {
    tag: "Limits",
    summary: "Approve a repository's persona, as shown to a person",
    codes: ["inside-session", "invalid-request", ...folderCodes, ...personaCodes],
  },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
