import "../protocol/jitless.ts";
import "./dashboard.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { followHost, reportFailures } from "./host.ts";
import { keepFocus } from "./keep-focus.ts";

reportFailures();
followHost();
keepFocus();
render(<App />, document.getElementById("dashboard") ?? document.body);
