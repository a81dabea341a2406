package latchkey

// ChangeOption is an option of an update or a deletion.
type ChangeOption func(*call)

// IfMatch makes a change succeed only if the user still has this ETag; otherwise the problem is precondition_failed.
func IfMatch(etag string) ChangeOption {
	return func(call *call) { call.ifMatch = etag }
}

// CreateOption is an option of a call that creates something.
type CreateOption func(*call)

// IdempotencyKey lets you repeat a call yourself: for 24 hours, nothing is created twice under the same key. It must be impossible to
// guess. Without this option, the client makes one.
func IdempotencyKey(key string) CreateOption {
	return func(call *call) { call.idempotencyKey = key }
}

// Bool returns a pointer, for fields that may be left out.
func Bool(value bool) *bool { return &value }
