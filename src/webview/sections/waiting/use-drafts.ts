import { useCallback, useEffect, useRef } from "preact/hooks";
import * as z from "zod";
import { useLive } from "../../live-state.ts";
import { useSaved } from "../../saved-state.ts";
import { type AnswerDraft, answerDraftSchema, keptDrafts } from "./answer-draft.ts";

const draftsSchema = z.record(z.string(), answerDraftSchema).readonly();
type Drafts = z.infer<typeof draftsSchema>;
const noDrafts: Drafts = {};

interface UsedDrafts {
  readonly drafts: Drafts;
  /** The same function at every drawing. */
  readonly keep: (key: string, draft: AnswerDraft) => void;
}

/** The answers that are not sent yet, by what they answer. Those to what is no longer asked are forgotten. */
export function useDrafts(asked: readonly string[]): UsedDrafts {
  const [drafts, setDrafts] = useSaved("answers", draftsSchema, noDrafts);
  const latest = useRef({ drafts, setDrafts });
  latest.current = { drafts, setDrafts };
  // What is asked is only known while the gateway is there.
  const isConnected = useLive(({ connection }) => connection === "connected");
  useEffect(() => {
    const kept = keptDrafts(drafts, asked);
    if (isConnected && kept !== drafts) setDrafts(Object.keys(kept).length === 0 ? noDrafts : kept);
  }, [asked.join("\n"), isConnected]);
  const keep = useCallback((key: string, draft: AnswerDraft) => {
    const { current } = latest;
    current.setDrafts({ ...current.drafts, [key]: draft });
  }, []);
  return { drafts, keep };
}
