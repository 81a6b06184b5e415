package views

func (english) greeting(username string) string { return "Hello " + username + "," }

func (english) mailFooter(origin string) string { return "This mail comes from the plaza at " + origin }

func (english) confirmationMail() letterWords {
	return letterWords{
		subject: "Confirm your email",
		before:  "You asked to use this address for your account. To confirm it, open this link and press the button on the page:",
		button:  "Confirm this address",
		after:   "The link works once, within a day. If you did not ask for this, ignore this mail. Then nothing changes.",
	}
}

func (english) verificationMail() letterWords {
	return letterWords{
		subject: "Verify your email",
		before:  "Your account has this address. To verify that it is yours, open this link and press the button on the page:",
		button:  "Verify this address",
		after:   "The link works once, within a day. If you have no account there, ignore this mail. Then nothing changes.",
	}
}

func (english) emailChangedMail() letterWords {
	return letterWords{
		subject: "Your email was changed",
		before:  "The email of your account was changed. The account no longer uses this address. If you made this change, you need do nothing. If not, sign in with your username and change your password:",
		button:  "Change the password",
	}
}

func (english) resetMail() letterWords {
	return letterWords{
		subject: "Set a new password",
		before:  "Someone asked for a new password for your account. To choose one, open this link:",
		button:  "Choose a new password",
		after:   "The link works once, within 30 minutes. If you did not ask for this, ignore this mail. Then nothing changes.",
	}
}

func (english) passwordChangedMail() letterWords {
	return letterWords{
		subject: "Your password was changed",
		before:  "The password of your account was changed by a link in a mail to this address. All browsers were signed out. If you did this, you need do nothing. If not, someone else can read your mail: change the password of your mailbox, and then that of your account:",
		button:  "Ask for a new password",
	}
}
