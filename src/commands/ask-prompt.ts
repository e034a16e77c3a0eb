import * as vscode from "vscode";
import { promptText } from "../presentation/editor-text.ts";
import { showQuestion } from "../views/questions.ts";

/** What the person wrote; with `isForEditor` they want to go on writing it in an editor. */
export interface WrittenPrompt {
  readonly text: string;
  readonly isForEditor: boolean;
}

const writeInEditor: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("edit"),
  tooltip: "Write It in an Editor",
};

/** Asks what is to be done, on one line; a longer text is written in an editor. Null when the person went away. */
export function askPrompt(title: string, where: string): Promise<WrittenPrompt | null> {
  const box = vscode.window.createInputBox();
  box.title = title;
  box.prompt = promptText(`What shall the agent do ${where}? The pen opens an editor for a longer text.`);
  box.placeholder = "Fix the failing tests";
  box.ignoreFocusOut = true;
  box.buttons = [writeInEditor];
  return new Promise<WrittenPrompt | null>((resolve) => {
    box.onDidAccept(() => {
      if (box.value.trim() === "") box.validationMessage = "Write what is to be done.";
      else resolve({ text: box.value.trim(), isForEditor: false });
    });
    box.onDidChangeValue(() => (box.validationMessage = ""));
    box.onDidTriggerButton(() => resolve({ text: box.value, isForEditor: true }));
    box.onDidHide(() => resolve(null));
    void showQuestion(box);
  }).finally(() => box.dispose());
}
