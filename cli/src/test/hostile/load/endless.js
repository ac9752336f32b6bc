// Never loads.
// expect load: fuel
for (;;);
