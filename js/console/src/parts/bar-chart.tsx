import { useId } from 'preact/hooks'

const WIDTH = 640
const HEIGHT = 160

/** One kind of thing that is stacked in each bar. */
export interface Layer {
  readonly name: string
  readonly kind: string
  readonly values: readonly number[]
}

interface BarChartProps {
  readonly title: string
  readonly hint: string
  readonly labels: readonly string[]
  readonly layers: readonly Layer[]
  shown(value: number): string
}

/** Bars over time, and the same as a table for whoever cannot or would not see them. */
export function BarChart({ title, hint, labels, layers, shown }: BarChartProps) {
  const id = useId()
  const sums = labels.map((_, i) => layers.reduce((sum, { values }) => sum + (values[i] ?? 0), 0))
  const top = niceTop(Math.max(0, ...sums))
  const step = WIDTH / Math.max(1, labels.length)
  const y = (value: number) => HEIGHT * (1 - value / top)
  const said = (label: string, i: number) =>
    `${label}: ${layers
      .filter(({ values }, at) => at === 0 || (values[i] ?? 0) > 0)
      .map(({ name, values }) => `${name.toLowerCase()} ${shown(values[i] ?? 0)}`)
      .join(', ')}`
  const isUsed = ({ values }: Layer) => values.some((value) => value > 0)
  const legend = layers.filter((layer, i) => i === 0 || isUsed(layer))
  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption>
        <h2 id={id}>{title}</h2>
        <p class="hint">{hint}</p>
      </figcaption>
      <div class="plot" aria-hidden="true">
        <div class="y">
          <span>{shown(top)}</span>
          <span>{shown(top / 2)}</span>
          <span>0</span>
        </div>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
          {[0, top / 2, top].map((value) => (
            <g key={value} class="axis">
              <path d={`M0 ${y(value)}H${WIDTH}`} />
            </g>
          ))}
          {labels.map((label, i) => {
            let below = 0
            const bars = layers.map(({ kind, values }) => {
              const value = values[i] ?? 0
              const from = below
              below += value
              return value === 0 ? null : (
                <rect
                  key={kind}
                  class={kind}
                  x={i * step + step * 0.08}
                  width={step * 0.84}
                  y={y(below)}
                  height={Math.max(0.5, y(from) - y(below))}
                />
              )
            })
            return (
              <g key={i} class="bar">
                <title>{said(label, i)}</title>
                <rect class="reach" x={i * step} width={step} y={0} height={HEIGHT} />
                {bars}
              </g>
            )
          })}
        </svg>
        <div class="x">
          <span>{labels[0]}</span>
          <span>{labels.length > 2 ? labels[Math.floor(labels.length / 2)] : ''}</span>
          <span>{labels.length > 1 ? labels.at(-1) : ''}</span>
        </div>
      </div>
      {layers.length > 1 && (
        <ul class="legend" aria-hidden="true">
          {legend.map(({ name, kind }) => (
            <li key={kind} class={kind}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>As a table</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">Time</th>
                {layers.map(({ name }) => (
                  <th key={name} scope="col" class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label, i) => (
                <tr key={i}>
                  <th scope="row">{label}</th>
                  {layers.map(({ name, values }) => (
                    <td key={name} class="number">
                      {shown(values[i] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

/** A round number that nothing exceeds: one digit and zeros. */
export function niceTop(most: number): number {
  if (most <= 0) {
    return 1
  }
  const power = 10 ** Math.floor(Math.log10(most))
  return ([1, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= most) as number) * power
}
