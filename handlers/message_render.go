package handlers

import (
	"context"

	"plaza/store"
	"plaza/views/markdown"
)

// markdown renders the source of a message, with mentions of existing users as links.
func (s *Server) markdown(ctx context.Context, source string) (store.Rendered, error) {
	known, err := s.mentions.usernames(ctx, markdown.Mentions(source))
	if err != nil {
		return store.Rendered{}, err
	}
	message := markdown.Render(source, known)
	return store.Rendered{
		HTML: message.HTML, Text: message.Text, Mentions: message.Mentions, Renderer: markdown.Renderer,
	}, nil
}

// renderAgain renders the messages again that an older renderer has rendered.
func (s *Server) renderAgain(ctx context.Context) {
	if err := s.store.RenderAgain(ctx, markdown.Renderer, s.markdown); err != nil {
		s.logTrouble(ctx, "render older messages again", err)
	}
}
