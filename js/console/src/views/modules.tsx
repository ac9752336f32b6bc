import type { ModuleLink } from '../host.js'
import { Bytes, Title } from '../parts/basics.js'

/** The modules of a host that has several, each with a log and a console of its own. */
export function ModulesView({ modules }: { modules: readonly ModuleLink[] }) {
  return (
    <>
      <Title>{modules.length} modules</Title>
      <p class="lead">This host serves several modules. Each has a log, files and callers of its own.</p>
      <ul class="cards">
        {modules.map(({ name, path, log, script }) => (
          <li key={name} class="card">
            <h2>
              <a href={`.${path}`}>{name}</a>
            </h2>
            <p>
              Script <code>{script.main}</code>
            </p>
            <p>
              Log <Bytes text={log} name={`the id of the log of ${name}`} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
