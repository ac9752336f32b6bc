import { Component, type ComponentChildren } from 'preact'
import { Failure } from './basics.js'

interface BoundaryProps {
  /** What is shown: when it is another, that is tried. */
  readonly around: string
  readonly children: ComponentChildren
}

/** Keeps a view that fails from taking the page with it: what a host signs need not make sense. */
export class Boundary extends Component<BoundaryProps, { error?: unknown }> {
  override state: { error?: unknown } = {}

  override componentDidCatch(error: unknown): void {
    this.setState({ error })
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (before.around !== this.props.around && this.state.error !== undefined) {
      this.setState({ error: undefined })
    }
  }

  override render() {
    return this.state.error === undefined ? (
      this.props.children
    ) : (
      <Failure error={this.state.error} title="This view cannot be shown." />
    )
  }
}
