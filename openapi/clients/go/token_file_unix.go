//go:build unix && !solaris && !aix

package latchkey

import (
	"os"
	"syscall"
)

func waitForLock(file *os.File) error { return syscall.Flock(int(file.Fd()), syscall.LOCK_EX) }
