import { Component, type ComponentChildren } from "preact";
import type { DashboardSection } from "../../protocol/dashboard.ts";
import { reportFailure } from "../host.ts";
import { Failure } from "./failure.tsx";
import { Section } from "./section.tsx";

interface SectionBoundaryProps {
  readonly id: DashboardSection;
  readonly title: string;
  readonly children: ComponentChildren;
}

interface SectionBoundaryState {
  readonly hasFailed: boolean;
}

/** What breaks in a section leaves the rest of the page alone. */
export class SectionBoundary extends Component<SectionBoundaryProps, SectionBoundaryState> {
  override state = { hasFailed: false };

  static override getDerivedStateFromError(): SectionBoundaryState {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    reportFailure(error);
  }

  override render({ id, title, children }: SectionBoundaryProps, { hasFailed }: SectionBoundaryState) {
    if (!hasFailed) return children;
    return (
      <Section id={id} title={title}>
        <Failure text="This part of the dashboard failed." onTryAgain={() => this.setState({ hasFailed: false })} />
      </Section>
    );
  }
}
