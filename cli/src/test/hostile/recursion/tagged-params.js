// Parameters with escaped tags within each other, which the guest unpacks by recursion.
// expect: ok "object"
// call: attack ["$200"]
exports.attack = x => typeof x
