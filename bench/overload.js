// A method that takes a while, so that a caller can ask for more than a host can do.
let n = 0
exports.increment = () => {
  for (let i = 0, x = 0; i < 50000; i++) x += i
  return ++n
}
