package store_test

import (
	"fmt"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// An email has nothing in it that nobody sees.
func TestEmailsHideNothing(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for _, hidden := range []string{"\u200b", "\u00ad", "\u200d", "\u202e", "\u3164", "\u2800", "\ufe0f", "\u2060"} {
		for _, email := range []string{"gr" + hidden + "ace@example.net", hidden + "grace@example.net", "grace" + hidden + "@example.net", "grace@exam" + hidden + "ple.net"} {
			err := s.CheckNewUser(t.Context(), store.NewUser{Username: "grace", Email: email, Password: storetest.Password})
			if fieldCode(err, "email") != store.CodeEmailMalformed {
				t.Errorf("%+q: %v", email, err)
			}
			if err := s.CheckEmail(t.Context(), ada, email); fieldCode(err, "email") != store.CodeEmailMalformed {
				t.Errorf("a change to %+q: %v", email, err)
			}
		}
	}
	for _, email := range []string{"حسین@example.net", "می\u200cخواهم@example.net", "grace+plaza@example.net"} {
		if err := s.CheckEmail(t.Context(), ada, email); err != nil {
			t.Errorf("%+q: %v", email, err)
		}
	}
}

// An address has many spellings. All of them belong to its account.
func TestSpellingsOfAnEmail(t *testing.T) {
	t.Parallel()
	for email, spellings := range map[string][]string{
		"grace@bücher.example":            {"grace@xn--bcher-kva.example", "Grace@BÜCHER.Example", "grace@XN--BCHER-KVA.example", "grace@bu\u0308cher.example"},
		"ada@xn--fsqu00a.xn--0zwm56d":     {"ada@例子.测试", "ADA@例子.xn--0zwm56d"},
		"Jos\u00e9@mail_1.bücher.example": {"jose\u0301@mail_1.xn--bcher-kva.example"},
	} {
		s := storetest.MustOpen(t)
		user, err := s.CreateUser(t.Context(), store.NewUser{Username: "someone", Email: email, Password: storetest.Password})
		if err != nil {
			t.Fatal(err)
		}
		other := storetest.MustUser(t, s, "other")
		login, err := s.FindLogin(t.Context(), email, "")
		if err != nil {
			t.Fatal(err)
		}
		for i, spelling := range spellings {
			_, err := s.CreateUser(t.Context(), store.NewUser{Username: fmt.Sprint("ada", i), Email: spelling, Password: storetest.Password})
			if fieldCode(err, "email") != store.CodeEmailRegistered {
				t.Errorf("%s has an account, and %s: %v", email, spelling, err)
			}
			if err := s.ChangeEmail(t.Context(), other, spelling, false); fieldCode(err, "email") != store.CodeEmailTaken {
				t.Errorf("%s has an account, and a change to %s: %v", email, spelling, err)
			}
			if found, err := s.Authenticate(t.Context(), spelling, storetest.Password); err != nil || found.ID != user.ID {
				t.Errorf("sign in as %s: %v", spelling, err)
			}
			if found, err := s.FindLogin(t.Context(), spelling, ""); err != nil || found != login {
				t.Errorf("failures of %s and %s are counted apart: %v, %v, %v", spelling, email, found, login, err)
			}
			if store.MailboxKey(spelling) != store.MailboxKey(email) {
				t.Errorf("mails to %s and %s are counted apart", spelling, email)
			}
		}
	}
	for one, other := range map[string]string{"ada@straße.example": "ada@strasse.example", "ada@bücher.example": "ada@bucher.example", "a+b": "a"} {
		if store.MailboxKey(one) == store.MailboxKey(other) {
			t.Errorf("%s and %s are one mailbox", one, other)
		}
	}
}
