import type { Question } from "../../protocol/requests.ts";

/** What a person chose for one question, or in words for them what is wrong with it. */
export type Choice = { readonly labels: string[] } | { readonly problem: string };

/** `2`, or `1,3` where more than one may be chosen: the labels of the options with these numbers. */
export function chooseNumbers({ options, multiSelect }: Question, list: string): Choice {
  const numbers = list.split(",").map((each) => each.trim());
  if (!multiSelect && numbers.length > 1) return { problem: "Only one can be chosen." };
  const labels: string[] = [];
  for (const number of numbers) {
    const option = /^\d+$/.test(number) ? options[Number(number) - 1] : undefined;
    if (!option) return { problem: `There is no "${number}" to choose. ${range(options.length)}` };
    if (!labels.includes(option.label)) labels.push(option.label);
  }
  return { labels };
}

/** A line that a person typed: numbers when it looks like them and there are any, else words of their own. */
export function readChoice(question: Question, line: string): Choice {
  const text = line.trim();
  if (question.options.length > 0 && /^[\d\s,]+$/.test(text)) return chooseNumbers(question, text);
  return { labels: [text] };
}

function range(count: number): string {
  if (count === 0) return "It offers nothing to choose from: answer in words.";
  return count === 1 ? "There is only 1." : `Choose from 1 to ${count}.`;
}
