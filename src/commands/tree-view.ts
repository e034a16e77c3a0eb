import * as vscode from "vscode";
import { filterMessage, groupingWords, sortingWords } from "../presentation/tree-view-words.ts";
import { type Grouping, groupingSchema, type Sorting, sortingSchema } from "../presentation/tree-options.ts";
import type { SessionsTree } from "../views/sessions-tree.ts";
import { pickOne, showQuestion } from "../views/questions.ts";
import { promptText } from "../presentation/editor-text.ts";
import type { Tally } from "./tally.ts";

/** Filters the tree while the person types; given `{ filter }`, without a question. */
export async function filterSessions({ tree }: Tally, target?: unknown): Promise<void> {
  if (!tree.isVisible) await vscode.commands.executeCommand("tally.sessions.focus");
  const given = (target as { readonly filter?: unknown } | undefined)?.filter;
  if (typeof given === "string") await tree.setOptions({ filter: given.trim() });
  else await typeFilter(tree);
}

export async function clearFilter({ tree }: Tally): Promise<void> {
  await tree.setOptions({ filter: "" });
}

/** Chooses what rows stand below; given the name of a grouping, without a question. */
export async function groupSessions({ tree }: Tally, target?: unknown): Promise<void> {
  const given = groupingSchema.safeParse(target);
  const grouping = given.success
    ? given.data
    : await pick<Grouping>(groupingWords, tree.options.grouping, "Group the sessions by");
  if (grouping !== undefined) await tree.setOptions({ grouping });
}

/** Chooses what comes first; given the name of an order, without a question. */
export async function sortSessions({ tree }: Tally, target?: unknown): Promise<void> {
  const given = sortingSchema.safeParse(target);
  const sorting = given.success ? given.data : await pick<Sorting>(sortingWords, tree.options.sorting, "Show first");
  if (sorting !== undefined) await tree.setOptions({ sorting });
}

export async function showArchived({ tree }: Tally): Promise<void> {
  await tree.setOptions({ showsArchived: true });
}

export async function hideArchived({ tree }: Tally): Promise<void> {
  await tree.setOptions({ showsArchived: false });
}

/** Where the person types a filter, as long as that is open: what the tree has then is on trial. */
const filterBoxes = new WeakMap<SessionsTree, vscode.InputBox>();

/** Escape leaves the tree as it was. */
async function typeFilter(tree: SessionsTree): Promise<void> {
  const open = filterBoxes.get(tree);
  if (open) {
    await showQuestion(open);
    return;
  }
  const before = tree.options.filter;
  const input = vscode.window.createInputBox();
  input.title = "Filter Sessions";
  input.placeholder = "Words of titles, agents, projects, branches, states or prompts";
  input.value = before;
  // A click on a row that is found leaves what was typed.
  input.ignoreFocusOut = true;
  const say = () => {
    const said = filterMessage(tree.options.filter, tree.filtered);
    input.prompt = promptText(said ?? "Only what says all of these words is shown.");
  };
  say();
  input.onDidChangeValue((value) => {
    void tree.setOptions({ filter: value.trim() }, { isTrial: true });
    say();
  });
  const chosen = new Promise<string>((resolve) => {
    input.onDidAccept(() => {
      resolve(input.value.trim());
      input.hide();
    });
    input.onDidHide(() => resolve(before));
  });
  filterBoxes.set(tree, input);
  await showQuestion(input);
  const filter = await chosen;
  filterBoxes.delete(tree);
  input.dispose();
  await tree.setOptions({ filter });
}

async function pick<Choice extends string>(
  words: Record<Choice, readonly [label: string, detail: string]>,
  current: Choice,
  placeHolder: string,
): Promise<Choice | undefined> {
  const items = (Object.keys(words) as Choice[]).map((choice) => ({
    label: words[choice][0],
    description: choice === current ? "current" : "",
    detail: words[choice][1],
    iconPath: new vscode.ThemeIcon(choice === current ? "check" : "blank"),
    choice,
  }));
  return (await pickOne(items, { placeHolder }))?.choice;
}
