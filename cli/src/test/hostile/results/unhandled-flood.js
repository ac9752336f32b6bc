// 3,000 rejections that nobody handles.
// expect: ok "returned"
// expect: abort
exports.attack = () => { for (let i = 0; i < 3000; i++) Promise.reject(new Error('nobody')); return 'returned' }
