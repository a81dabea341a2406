@rem package.json says "exec node", so that npm signals Node and no shell. Windows has no exec: its shell finds this one.
@%*
