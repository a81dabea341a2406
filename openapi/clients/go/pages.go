package latchkey

import "iter"

// each iterates over a list, and fetches a page when the one before is used up. An error ends it.
func each[Item any](fetch func(cursor string) (items []Item, next *string, err error)) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		cursor := ""
		for {
			items, next, err := fetch(cursor)
			if err != nil {
				var none Item
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == nil {
				return
			}
			cursor = *next
		}
	}
}
