// Nothing: stands in for the older encodings' tables (see percent.js).
