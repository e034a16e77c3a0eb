import type { Desktop } from "./desktop.ts";
import { FreedesktopDesktop } from "./freedesktop.ts";
import { MacDesktop } from "./mac.ts";
import { OrderlyDesktop } from "./orderly-desktop.ts";
import { WindowsDesktop } from "./windows.ts";

/** The desktop of this system. Nothing of it is loaded or asked before the first notification. */
export function systemDesktop(platform: NodeJS.Platform): Desktop {
  return new OrderlyDesktop(desktopOf(platform));
}

function desktopOf(platform: NodeJS.Platform): Desktop {
  switch (platform) {
    case "darwin":
      return new MacDesktop();
    case "win32":
      return new WindowsDesktop();
    default:
      return new FreedesktopDesktop({ busAddress: process.env["DBUS_SESSION_BUS_ADDRESS"] });
  }
}
