-- Who talks with us from a page, and by which mailed links customers come to see what they said.
CREATE SCHEMA chats;

CREATE TABLE chats.chat (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL,
    address_id   uuid NOT NULL UNIQUE,
    mail_id      uuid,
    mail_proven  boolean NOT NULL DEFAULT false,
    person_id    uuid,
    language     text NOT NULL DEFAULT '',
    page         text NOT NULL DEFAULT '',
    begun_at     timestamptz NOT NULL,
    looked_at    timestamptz NOT NULL
);
CREATE INDEX chat_mail ON chats.chat (mail_id) WHERE mail_id IS NOT NULL;
CREATE INDEX chat_left ON chats.chat (looked_at) WHERE mail_id IS NOT NULL;
CREATE INDEX chat_person ON chats.chat (person_id) WHERE person_id IS NOT NULL;
COMMENT ON TABLE chats.chat IS 'a browser''s talk with us; its address is of the kind chat, known by a token only we can make';
COMMENT ON COLUMN chats.chat.mail_id IS 'the e-mail address they gave: there answers go that are not read here';
COMMENT ON COLUMN chats.chat.mail_proven IS 'they opened a link mailed to it, or the site vouches for it';
COMMENT ON COLUMN chats.chat.person_id IS 'the user address the site says is signed in';
COMMENT ON COLUMN chats.chat.page IS 'where it was last written, for the link that leads back';
COMMENT ON COLUMN chats.chat.looked_at IS 'when the widget last asked, to the minute';

CREATE TABLE chats.pass (
    id          uuid PRIMARY KEY,
    address_id  uuid NOT NULL,
    chat_id     uuid,
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz
);
CREATE INDEX pass_address ON chats.pass (address_id);
CREATE INDEX pass_expires ON chats.pass (expires_at);
COMMENT ON TABLE chats.pass IS 'a link mailed to an address: whoever has it has read that mailbox and sees what came through the address';
COMMENT ON COLUMN chats.pass.chat_id IS 'the chat it leads back to';

-- Who asked for such a link lately: not more than a few an hour go to one mailbox.
CREATE TABLE chats.asked (
    address_id  uuid NOT NULL,
    asked_at    timestamptz NOT NULL
);
CREATE INDEX asked_address ON chats.asked (address_id, asked_at);

-- That an answer in a chat nobody read was sent on by mail, once.
CREATE TABLE chats.sent_on (
    message_id  uuid PRIMARY KEY,
    as_id       uuid,
    sent_at     timestamptz NOT NULL
);
CREATE INDEX sent_on_as ON chats.sent_on (as_id) WHERE as_id IS NOT NULL;
COMMENT ON COLUMN chats.sent_on.as_id IS 'the mail it went in; NULL = it could not go';

-- That a mail answers one that was sent on: it came to the address signed for it, from where we had sent it.
CREATE TABLE chats.reply (
    message_id  uuid PRIMARY KEY,
    address_id  uuid NOT NULL
);
CREATE INDEX reply_address ON chats.reply (address_id);
COMMENT ON TABLE chats.reply IS 'a mail that answers what was sent on from a chat: it is seen there, and nothing else of its sender';
COMMENT ON COLUMN chats.reply.address_id IS 'of the chat';
