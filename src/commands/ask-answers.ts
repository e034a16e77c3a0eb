import * as vscode from "vscode";
import type { Question } from "../protocol/requests.ts";
import { oneLine } from "../protocol/visible.ts";
import { promptText } from "../presentation/editor-text.ts";
import { askText, pickOne, pickSeveral } from "../views/questions.ts";

const MAX_TITLE_LENGTH = 100;

interface AnswerItem extends vscode.QuickPickItem {
  /** Undefined for words of the person's own. */
  readonly answer?: string;
}

/**
 * Asks the person for the answers to an agent's questions, one after the other.
 * @param isOver cancelled when the questions were answered elsewhere; what is asked here then goes away.
 * @returns the answers to each question, or null when the person went away or it is over.
 */
export async function askAnswers(
  questions: readonly Question[],
  isOver: vscode.CancellationToken,
): Promise<string[][] | null> {
  const answers: string[][] = [];
  for (const [index, question] of questions.entries()) {
    const place = questions.length > 1 ? ` (${index + 1}/${questions.length})` : "";
    const chosen = await askOne(question, place, isOver);
    if (chosen === null) return null;
    answers.push(chosen);
  }
  return answers;
}

async function askOne(question: Question, place: string, isOver: vscode.CancellationToken): Promise<string[] | null> {
  const title = `${oneLine(question.header ?? "Question", MAX_TITLE_LENGTH)}${place}`;
  const options = { title, placeHolder: oneLine(question.text, MAX_TITLE_LENGTH * 2), ignoreFocusOut: true };
  const items = question.options.map(({ label, description }): AnswerItem => ({
    label,
    answer: label,
    ...(description === null ? {} : { detail: description }),
  }));
  if (items.length === 0) return ownWords(options, isOver);
  const own: AnswerItem = {
    label: "In your own words...",
    iconPath: new vscode.ThemeIcon("edit"),
    alwaysShow: true,
  };
  const picked = question.multiSelect
    ? await pickSeveral([...items, own], options, isOver)
    : await pickOne([...items, own], options, isOver).then((item) => item && [item]);
  if (!picked || picked.length === 0) return null;
  const chosen = picked.flatMap(({ answer }) => (answer === undefined ? [] : [answer]));
  if (chosen.length === picked.length) return chosen;
  const words = await ownWords(options, isOver);
  return words && [...chosen, ...words];
}

async function ownWords(
  { title, placeHolder }: { title: string; placeHolder: string },
  isOver: vscode.CancellationToken,
): Promise<string[] | null> {
  const options = { title, prompt: promptText(placeHolder), ignoreFocusOut: true };
  const words = await askText(options, isOver);
  return words === undefined || words.trim() === "" ? null : [words.trim()];
}
