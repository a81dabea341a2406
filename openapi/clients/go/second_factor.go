package latchkey

import (
	"errors"
	"time"
)

// Challenge is what is asked of somebody who proved the first factor.
type Challenge struct {
	// Token is a secret that is good for the answer, and for nothing else.
	Token Secret `json:"token"`
	// Factors are how it can be answered, the quickest way first.
	Factors   []ChallengeFactor `json:"factors"`
	ExpiresAt time.Time         `json:"expires_at"`
	// Session is the one that the answer continues; empty if it starts one.
	Session string `json:"session,omitempty"`
}

// SecondFactor is what answers a challenge: one of its fields.
type SecondFactor struct {
	// TOTP is the code that the authenticator app shows.
	TOTP Secret
	// RecoveryCode is one of those that were shown when the first factor was added.
	RecoveryCode Secret
	// Passkey is what a browser's passkey answered to BeginPasskeyLogin.
	Passkey map[string]any
}

func (f SecondFactor) answer(token Secret) (ChallengeAnswer, error) {
	answer := ChallengeAnswer{ChallengeToken: token}
	given := 0
	if f.TOTP != "" {
		given++
		answer.Factor, answer.Code = AnswerFactorTotp, f.TOTP
	}
	if f.RecoveryCode != "" {
		given++
		answer.Factor, answer.Code = AnswerFactorRecoveryCode, f.RecoveryCode
	}
	if f.Passkey != nil {
		given++
		answer.Factor, answer.Credential = AnswerFactorPasskey, f.Passkey
	}
	if given != 1 {
		return answer, errors.New("latchkey: give a TOTP, a RecoveryCode or a Passkey")
	}
	return answer, nil
}
