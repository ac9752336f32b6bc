import { useRef } from 'preact/hooks'
import { MAX_SIDE } from '../reduce.js'

/** The button that opens the file picker, or the camera of a phone. */
export function AddPhotos({ add, isOff }: { add(files: readonly File[]): void; isOff: boolean }) {
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <div class="add">
      <button
        type="button"
        class="primary"
        disabled={isOff}
        aria-describedby="add-hint"
        onClick={() => chooser.current?.click()}
      >
        Add photos
      </button>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label="Photos to add"
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <p class="hint" id="add-hint">
        At most {MAX_SIDE} pixels wide or high; larger ones are reduced. Public, and for good.
      </p>
    </div>
  )
}
