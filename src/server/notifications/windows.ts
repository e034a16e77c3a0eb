import { createHash } from "node:crypto";
import type { Desktop } from "./desktop.ts";
import type { DesktopNote } from "./note.ts";
import { runProgram } from "./run-program.ts";

/** Windows shows toasts only for programs in the start menu; Windows PowerShell is one, with this name. */
const APP_ID = "{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe";

const setUp = `$ErrorActionPreference = 'Stop'
$manager = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]`;

/** The words come in the environment and become text nodes, so that nothing in them is taken for a script or for markup. */
const showScript = `${setUp}
$xml = $manager::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $xml.GetElementsByTagName('text')
$null = $texts.Item(0).AppendChild($xml.CreateTextNode($env:TALLY_NOTE_TITLE))
$null = $texts.Item(1).AppendChild($xml.CreateTextNode($env:TALLY_NOTE_BODY))
$null = [Windows.UI.Notifications.ToastNotification, Windows.UI.Notifications, ContentType = WindowsRuntime]
$toast = New-Object Windows.UI.Notifications.ToastNotification $xml
$toast.Tag = $env:TALLY_NOTE_TAG
$manager::CreateToastNotifier('${APP_ID}').Show($toast)`;

const withdrawScript = `${setUp}
$manager::History.Remove($env:TALLY_NOTE_TAG, '', '${APP_ID}')`;

/** The notifications of Windows 10 and later, by way of the PowerShell that comes with it. */
export class WindowsDesktop implements Desktop {
  async show({ title, body }: DesktopNote, subject: string): Promise<void> {
    await runPowerShell(showScript, {
      TALLY_NOTE_TITLE: title,
      TALLY_NOTE_BODY: body,
      TALLY_NOTE_TAG: tagOf(subject),
    });
  }

  async withdraw(subject: string): Promise<void> {
    await runPowerShell(withdrawScript, { TALLY_NOTE_TAG: tagOf(subject) });
  }
}

/** Older versions of Windows 10 take tags of at most 16 characters. */
function tagOf(subject: string): string {
  return createHash("sha256").update(subject).digest("hex").slice(0, 16);
}

function runPowerShell(script: string, words: Record<string, string>): Promise<void> {
  return runProgram("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script], words);
}
