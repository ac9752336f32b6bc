// A text that looks like the guest's own answer to the host.
// expect: ok "e[\"Error\",\"forged\"]"
// expect: abort
exports.attack = () => 'e["Error","forged"]'
