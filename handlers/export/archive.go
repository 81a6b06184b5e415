// Package export makes the files in which users download all that the site keeps about them.
package export

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"plaza/store"
	"plaza/views"
)

// batch is how many messages are read at a time. They are read as the download
// goes on: a slow download holds little memory and no transaction.
const batch = 200

// Archive is the export of one user.
type Archive struct{ files []file }

type file struct {
	name  string
	write func(w io.Writer) error
}

// New reads all that the store keeps of a user, except the messages and reactions, which WriteZip reads.
// browser names the browser of a user agent, for people to read.
func New(
	ctx context.Context, s *store.Store, user store.User, browser func(userAgent string) string,
) (*Archive, error) {
	relations, err := s.Contacts(ctx, user)
	if err != nil {
		return nil, err
	}
	sessions, err := s.Sessions(ctx, user)
	if err != nil {
		return nil, err
	}
	notifications, err := readNotifications(ctx, s, user)
	if err != nil {
		return nil, err
	}
	factor, err := s.SecondFactorOf(ctx, user)
	if err != nil {
		return nil, err
	}
	passkeys, err := s.Passkeys(ctx, user)
	if err != nil {
		return nil, err
	}
	settings, err := s.SettingsOf(ctx, user)
	if err != nil {
		return nil, err
	}
	conversations, _, err := s.Conversations(ctx, user, store.NewestPoint(), math.MaxInt32-1)
	if err != nil {
		return nil, err
	}
	drafts, err := s.Drafts(ctx, user)
	if err != nil {
		return nil, err
	}
	invites, err := s.InvitesOf(ctx, user)
	if err != nil {
		return nil, err
	}
	pictures, err := pictureFiles(ctx, s, user)
	if err != nil {
		return nil, err
	}
	each := func(do func(m store.OwnMessage) error) error { return eachMessage(ctx, s, user, do) }
	files := []file{
		{"profile.json", asJSON(profileOf(user, relations, settings))},
		{"friends.json", asJSON(friendsOf(relations))},
		{"notifications.json", asJSON(notifications)},
		{"sessions.json", asJSON(sessionsOf(sessions, browser))},
		{"security.json", asJSON(securityOf(factor, passkeys))},
		{"conversations.json", asJSON(conversationsOf(conversations))},
		{"drafts.json", asJSON(draftsOf(drafts))},
		{"invitations.json", asJSON(invitesOf(invites))},
		{"messages.json", messagesAsJSON(each)},
		{"messages.md", messagesAsMarkdown(user, each)},
		{"reactions.json", arrayAsJSON(func(do func(r store.OwnReaction) error) error { return eachReaction(ctx, s, user, do) }, reactionOf)},
	}
	return &Archive{append(files, pictures...)}, nil
}

// WriteZip writes the archive as a zip while it reads the messages and reactions. After an error, what was
// written is incomplete. The context of New ends it.
func (a *Archive) WriteZip(w io.Writer) error {
	zipped := zip.NewWriter(w)
	for _, file := range append([]file{{"README.txt", a.writeReadme}}, a.files...) {
		entry, err := zipped.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: time.Now().UTC()})
		if err != nil {
			return err
		}
		if err := file.write(entry); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return zipped.Close()
}

// writeReadme says what each file holds.
func (a *Archive) writeReadme(w io.Writer) error {
	for _, file := range a.files {
		if _, err := fmt.Fprintf(w, "%s: %s\n", file.name, views.ExportedFile(file.name)); err != nil {
			return err
		}
	}
	return nil
}

// pictureFiles returns the picture that the user has set, in both sizes, if there is one.
func pictureFiles(ctx context.Context, s *store.Store, user store.User) ([]file, error) {
	if user.Picture == "" {
		return nil, nil
	}
	large, err := s.Picture(ctx, user, true)
	if err != nil {
		return nil, err
	}
	small, err := s.Picture(ctx, user, false)
	if err != nil {
		return nil, err
	}
	return []file{{"picture.jpg", asIs(large)}, {"picture-small.jpg", asIs(small)}}, nil
}
