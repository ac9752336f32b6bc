// A rejection that nobody handles.
// expect: ok "returned"
exports.attack = () => { Promise.reject(new Error('nobody')); return 'returned' }
