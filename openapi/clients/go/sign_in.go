package latchkey

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// SignIn starts a session and keeps its tokens. It never waits: after a 429, the problem's RetryAfter says when to try again. The error
// is a *[SecondFactorRequiredError] if the person has a second factor: AnswerChallenge goes on.
func (c *Client) SignIn(ctx context.Context, email string, password Secret) error {
	return c.begin(func(deviceToken Secret) (*TokenPair, error) {
		return c.login(ctx, Credentials{Email: email, Password: password, DeviceToken: deviceToken})
	})
}

// SignInWithCode does the same with the code that RequestLoginCode had mailed.
func (c *Client) SignInWithCode(ctx context.Context, email string, code Secret) error {
	return c.begin(func(deviceToken Secret) (*TokenPair, error) {
		return c.loginWithCode(ctx, EmailCodeProof{Email: email, Code: code, DeviceToken: deviceToken})
	})
}

// SignInWithPasskey does the same with what a browser's passkey answered to BeginPasskeyLogin.
func (c *Client) SignInWithPasskey(ctx context.Context, credential map[string]any) error {
	return c.begin(func(deviceToken Secret) (*TokenPair, error) {
		return c.loginWithPasskey(ctx, PasskeyProof{Credential: credential, DeviceToken: deviceToken})
	})
}

// AnswerChallenge answers the challenge of a *[SecondFactorRequiredError], in one of the ways that its Factors name. That starts the
// session, or continues the one that was reauthenticated. After a problem with the code invalid_second_factor, it can be answered again.
func (c *Client) AnswerChallenge(ctx context.Context, challenge Challenge, factor SecondFactor) error {
	answer, err := factor.answer(challenge.Token)
	if err != nil {
		return err
	}
	sentAt := time.Now()
	pair, err := c.answerChallenge(ctx, answer)
	if err != nil {
		return err
	}
	if challenge.Session != "" {
		return c.session.keepAccess(tokensOf(pair, sentAt, challenge.Session))
	}
	return c.start(pair, sentAt)
}

// SignOut ends the session. The tokens are removed even if the request fails, which is returned.
func (c *Client) SignOut(ctx context.Context) error {
	tokens, err := c.session.store.Load()
	if err != nil {
		return err
	}
	if tokens != nil {
		err = c.logout(ctx)
	}
	if problem := (*ProblemError)(nil); errors.As(err, &problem) && problem.Status == http.StatusUnauthorized {
		err = nil
	}
	return errors.Join(err, c.session.keep(nil))
}

// Reauthenticate proves once more who is signed in, after an [ErrReauthenticationRequired]; then repeat the call. The error is a
// *[SecondFactorRequiredError] if the person has a second factor, as that of SignIn.
func (c *Client) Reauthenticate(ctx context.Context, password Secret) error {
	return c.prove(ctx, Reauthentication{Password: password})
}

// ReauthenticateWithPasskey does the same with what a browser's passkey answered to BeginPasskeyLogin. It proves two factors at once.
func (c *Client) ReauthenticateWithPasskey(ctx context.Context, credential map[string]any) error {
	return c.prove(ctx, Reauthentication{Passkey: credential})
}

func (c *Client) prove(ctx context.Context, proof Reauthentication) error {
	before, err := c.session.store.Load()
	if err != nil {
		return err
	}
	sentAt := time.Now()
	pair, err := c.reauthenticate(ctx, proof)
	if before == nil {
		return err
	}
	if required := (*SecondFactorRequiredError)(nil); errors.As(err, &required) {
		required.Challenge.Session = before.Session
	}
	if err != nil {
		return err
	}
	return c.session.keepAccess(tokensOf(pair, sentAt, before.Session))
}

func (c *Client) begin(login func(deviceToken Secret) (*TokenPair, error)) error {
	deviceToken, err := c.session.store.LoadDeviceToken()
	if err != nil {
		return err
	}
	sentAt := time.Now()
	pair, err := login(deviceToken)
	if err != nil {
		return err
	}
	return c.start(pair, sentAt)
}

// start keeps the tokens of a new session, and what the device is recognised by.
func (c *Client) start(pair *TokenPair, sentAt time.Time) error {
	if pair.DeviceToken != "" {
		if err := c.session.store.SaveDeviceToken(pair.DeviceToken); err != nil {
			return err
		}
	}
	return c.session.keep(tokensOf(pair, sentAt, newKey()))
}
