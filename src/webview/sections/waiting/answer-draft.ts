import * as z from "zod";
import type { AgentRequest, Question, RequestAnswer } from "../../../protocol/requests.ts";

/** What is chosen for one question: options by their places, words of the person's own, or with several answers both. */
const pickSchema = z.object({ chosen: z.array(z.number()).readonly(), isOwn: z.boolean(), own: z.string() }).readonly();
export type Pick = z.infer<typeof pickSchema>;

/** An answer that is not sent yet. */
export const answerDraftSchema = z
  .object({
    isUnfolded: z.boolean(),
    /** What the agent is told if it is denied. */
    denyWords: z.string(),
    picks: z.array(pickSchema).readonly(),
  })
  .readonly();
export type AnswerDraft = z.infer<typeof answerDraftSchema>;

export const emptyDraft: AnswerDraft = { isUnfolded: false, denyWords: "", picks: [] };
const emptyPick: Pick = { chosen: [], isOwn: false, own: "" };

/** What is chosen for a question; one that only has room for own words has them chosen. */
export function pickOf({ picks }: AnswerDraft, place: number, { options }: Question): Pick {
  const pick = picks[place] ?? emptyPick;
  return options.length === 0 ? { ...pick, isOwn: true } : pick;
}

/** Chooses an option, or takes it back where several can be chosen. */
export function withOption(draft: AnswerDraft, place: number, question: Question, option: number): AnswerDraft {
  const pick = pickOf(draft, place, question);
  if (!question.multiSelect) return withPick(draft, place, { ...pick, chosen: [option], isOwn: false });
  const isChosen = pick.chosen.includes(option);
  const chosen = isChosen ? pick.chosen.filter((each) => each !== option) : [...pick.chosen, option];
  return withPick(draft, place, { ...pick, chosen: chosen.sort((a, b) => a - b) });
}

/** Chooses the person's own words, or takes them back where several answers can be chosen. */
export function withOwn(draft: AnswerDraft, place: number, question: Question, isOwn: boolean): AnswerDraft {
  const pick = pickOf(draft, place, question);
  return withPick(draft, place, { ...pick, isOwn, chosen: question.multiSelect ? pick.chosen : [] });
}

/** Who types words of their own means them. */
export function withOwnWords(draft: AnswerDraft, place: number, question: Question, own: string): AnswerDraft {
  const chosen = withOwn(draft, place, question, true);
  return withPick(chosen, place, { ...pickOf(chosen, place, question), own });
}

function withPick(draft: AnswerDraft, place: number, pick: Pick): AnswerDraft {
  const count = Math.max(draft.picks.length, place + 1);
  const picks = Array.from({ length: count }, (_, index) =>
    index === place ? pick : (draft.picks[index] ?? emptyPick),
  );
  return { ...draft, picks };
}

/** The answer to all questions, in their order; null while one of them has none. */
export function answerOf({ questions }: AgentRequest, draft: AnswerDraft): RequestAnswer | null {
  const answers = questions.map((question, place) => {
    const { chosen, isOwn, own } = pickOf(draft, place, question);
    const labels = chosen.flatMap((option) => question.options[option]?.label ?? []);
    return [...labels, ...(isOwn && own.trim() !== "" ? [own.trim()] : [])];
  });
  return answers.length > 0 && answers.every((each) => each.length > 0) ? { choice: "answers", answers } : null;
}

export function denial({ denyWords }: AnswerDraft): RequestAnswer {
  const message = denyWords.trim();
  return message === "" ? { choice: "deny" } : { choice: "deny", message };
}

/** The drafts of what is still asked: the same object when that is all of them. */
export function keptDrafts<T>(
  drafts: Readonly<Record<string, T>>,
  asked: readonly string[],
): Readonly<Record<string, T>> {
  const entries = Object.entries(drafts);
  const kept = entries.filter(([key]) => asked.includes(key));
  return kept.length === entries.length ? drafts : Object.fromEntries(kept);
}
